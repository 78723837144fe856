package io.tandem.node.config;

/** A configuration in which every key stands, none with its default. */
final class EveryKey {

  static final String YAML =
      """
      lanes: 3
      drainTimeout: 1m
      memory: 16MiB
      bans: [203.0.113.0/24, "2001:db8::1"]
      failedLogins:
        perAuthid: 5
        perAddress: 50
        perAuthidAnywhere: 500
        pause: 500ms
        longestPause: 2m
        forgetAfter: 1h
      audit: {file: audit.log}
      reload: {watch: true, interval: 30s}
      tracing: {endpoint: "https://otel.example.com/v1/traces", oneIn: 7}
      listeners:
        - address: "::1"
          port: 8443
          path: /wamp
          transports: [rawsocket, websocket]
          serializers: [cbor, json]
          tryIt: true
          origins: ["https://app.example.com", "http://[::1]:3000"]
          limits:
            maxMessageSize: 64KiB
            maxFrameSize: 32KiB
            outboundQueue: 128KiB
            maxConnections: 10
            maxConnectionsPerAddress: 9
            maxDepth: 8
            maxElements: 64
            maxNumberLength: 20
          timeouts:
            handshake: 1s
            hello: 2s
            authenticate: 6s
            nextHello: 3s
            stall: 4s
            goodbye: 500ms
          keepAlive:
            pingInterval: 1h
            pingTimeout: 7s
            rawSocketPing: true
          tls:
            certificate: tls.crt
            key: tls.key
            byName:
              - names: [a.example.com, "*.b.example.com"]
                certificate: ca.crt
                key: tls.key
            clientCa: ca.crt
            clientCertificate: optional
          proxy:
            from: ["::1", 10.0.0.0/8]
            protocol: true
            forwarded: true
            tls: true
          cookie:
            name: shop
            maxAge: 24h
            sameSite: none
            path: /wamp
            domain: example.com
          compression: true
          longPoll:
            path: /wamp/lp
            wait: 5s
            idle: 20s
          admits:
            realms: [realm1, com.example.]
            methods: [ticket]
        - unix: run/tandem.sock
          transports: [rawsocket]
      management:
        address: 0.0.0.0
        port: 9443
        metricsToken:
          file: token
        openMetrics: false
        reloadToken:
          file: reload-token
      cluster:
        name: shop
        node: shop-0
        host: 10.0.0.1
        port: 5800
        join: [10.0.0.2:5800, "[::1]:65534", shop-3:1]
        expect: 3
        evictAfter: 1m
        wire: socket
        secret:
          file: token
        tls:
          certificate: tls.crt
          key: tls.key
          ca: ca.crt
        insecure: false
        rebalance:
          enabled: true
          tolerance: 30
          share: 5
          period: 40s
      realms:
        - name: com.example.shop
          uriRule: strict
          strictRequestIds: true
          allowDiscloseMe: false
          progressRequiresCanceling: true
          tellRevokedSubscribers: false
          calls:
            timeout: 30s
            maxTimeout: 5m
            forwardTimeout: never
            maxWaiting: 7
          onPartition: quorum
          metaEvents: false
          auth:
            cookie:
              maxAge: 1h
              allowPlainText: true
            anonymous:
              role: guest
            ticket:
              allowPlainText: true
              principals:
                - authid: joe
                  role: nobody
                  ticket: {file: joe.ticket}
          roles:
            - name: guest
              permissions:
                - uri: com.example..changed
                  match: wildcard
                  allow: [subscribe, publish]
                  disclose: true
                  trustLevel: 3
                - uri: com.example.time
                  allow: [call]
            - name: nobody
              authorizer: {procedure: com.example.authorize, timeout: 2s}
              trustLevel: 1
              limits:
                maxSessions: 9
                maxSubscriptions: 10
                maxRegistrations: 11
                maxPendingCalls: 12
                maxPayloadSize: 13B
                rate: {messages: 5}
            - name: judge
              permissions:
                - {uri: com.example.auth, match: prefix, allow: [register]}
          limits:
            maxSessions: 50
            maxSubscriptions: 1
            maxRegistrations: 2
            maxPendingCalls: 3
            maxPayloadSize: 32KiB
            rate: {messages: 100, messageBurst: 200, octets: 64KiB, octetBurst: 1MiB}
            memory: 8MiB
            sessionMemory: 1MiB
            maxUriLength: 100B
            maxWildcardShapes: 4
            maxOptionsSize: 2KiB
            maxTestaments: 5
            maxTestamentsSize: 128KiB
          retention:
            maxEvents: 7
            topics:
              - uri: com.example..changed
                match: wildcard
                events: 8
                bytes: 1MiB
                age: 1h
          history:
            - {uri: com.example.time, events: 9, bytes: 64KiB, age: 24h}
            - {uri: com.example.news., match: prefix}
        - name: com.example.club
          auth:
            dynamic:
              methods: [ticket, anonymous]
              procedure: com.example.authenticate
              realm: com.example.shop
              timeout: 100ms
              allowPlainText: true
        - name: com.example..users
          template: {match: wildcard, maxRealms: 7, closeWhenEmptyFor: 90s}
          auth:
            dynamic:
              methods: [wampcra]
              provider: postgres
              settings: {url: "jdbc:x", fetch: 10, password: {file: token}}
      """;

  private EveryKey() {}
}

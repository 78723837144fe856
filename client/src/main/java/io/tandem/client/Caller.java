package io.tandem.client;

import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;

/** The caller's role in a session. Belongs to the session's context where nothing else is said. */
final class Caller {

  private final HomeContext home;
  private final MessageChannel channel;
  private final Requests requests;
  private final boolean routerCancels;
  private final boolean routerKeepsTime;

  Caller(HomeContext home, MessageChannel channel, Requests requests, Options welcome) {
    this.home = home;
    this.channel = channel;
    this.requests = requests;
    this.routerCancels = Features.announced(welcome, Features.DEALER, Features.CALL_CANCELING);
    this.routerKeepsTime = Features.announced(welcome, Features.DEALER, Features.CALL_TIMEOUT);
  }

  HomeContext home() {
    return home;
  }

  /** Any thread. */
  Call call(String procedure, Arguments arguments, CallOptions options) {
    Call call = new Call(this, options, home.promise());
    home.run(() -> send(call, procedure, arguments, options));
    return call;
  }

  private void send(Call call, String procedure, Arguments arguments, CallOptions options) {
    try {
      Options wire = wire(options);
      Payload payload = arguments.encode(channel.serializer());
      call.sent(
          requests.send(
              id -> new io.tandem.protocol.message.Call(id, wire, procedure, payload), call));
    } catch (RuntimeException notSent) {
      call.failed(notSent);
      return;
    }
    if (options.timeout() != null && !routerKeepsTime) {
      call.await(home, options.timeout());
    }
  }

  private Options wire(CallOptions options) {
    Options wire = Options.EMPTY;
    if (options.onProgress() != null) {
      wire = wire.with(Keys.RECEIVE_PROGRESS, true);
    }
    if (options.discloseMe()) {
      wire = wire.with(Keys.DISCLOSE_ME, true);
    }
    return options.timeout() != null && routerKeepsTime
        ? wire.with(Keys.TIMEOUT, options.timeout().toMillis())
        : wire;
  }

  /** Any thread. */
  void cancel(Call call, CancelMode mode) {
    home.run(
        () -> {
          if (routerCancels && requests.isPending(call.id(), call)) {
            channel.send(new Cancel(call.id(), mode.options()));
          } else {
            call.abandon(WampUri.CANCELED);
          }
        });
  }

  /** Fails the call here and now, and tells a router that understands. */
  void giveUp(Call call, CancelMode mode, String error) {
    call.abandon(error);
    if (routerCancels && requests.isPending(call.id(), call)) {
      channel.send(new Cancel(call.id(), mode.options()));
    }
  }
}

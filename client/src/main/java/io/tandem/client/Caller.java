package io.tandem.client;

import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.vertx.core.Future;

/** The caller's role in a session. Belongs to the session's context where nothing else is said. */
final class Caller {

  private final HomeContext home;
  private final MessageChannel channel;
  private final Requests requests;
  private final boolean routerCancels;
  private final boolean routerKeepsTime;
  private final boolean routerTakesParts;

  Caller(HomeContext home, MessageChannel channel, Requests requests, Options welcome) {
    this.home = home;
    this.channel = channel;
    this.requests = requests;
    this.routerCancels = Features.announced(welcome, Features.DEALER, Features.CALL_CANCELING);
    this.routerKeepsTime = Features.announced(welcome, Features.DEALER, Features.CALL_TIMEOUT);
    this.routerTakesParts =
        routerCancels && Features.announced(welcome, Features.DEALER, Features.CALLS_IN_PARTS);
  }

  HomeContext home() {
    return home;
  }

  /** Any thread. */
  Call call(String procedure, Arguments arguments, CallOptions options) {
    Call call = new Call(this, procedure, options, home.promise());
    home.run(() -> send(call, arguments));
    return call;
  }

  private void send(Call call, Arguments arguments) {
    CallOptions options = call.options();
    if (options.inParts() && !routerTakesParts) {
      call.abandon(WampUri.FEATURE_NOT_SUPPORTED);
      return;
    }
    try {
      Options wire = wire(options);
      Payload payload = arguments.encode(channel.serializer());
      call.sent(
          requests.send(
              id -> new io.tandem.protocol.message.Call(id, wire, call.procedure(), payload),
              call));
    } catch (RuntimeException notSent) {
      call.failed(notSent);
      return;
    }
    if (options.timeout() != null && !routerKeepsTime) {
      call.await(home, options.timeout());
    }
  }

  /** Any thread. */
  Future<Void> part(Call call, Arguments part, boolean isLast) {
    return home.call(
        () -> {
          if (!call.takesParts() || !requests.isPending(call.id(), call)) {
            throw new IllegalStateException("the call takes no further part");
          }
          // The options of the first part hold for all of them (RPC-PCI-06).
          Options wire = isLast ? Options.EMPTY : Options.of(Keys.PROGRESS, true);
          byte[] encoded =
              channel.encode(
                  new io.tandem.protocol.message.Call(
                      call.id(), wire, call.procedure(), part.encode(channel.serializer())));
          if (isLast) {
            call.takesNoMoreParts();
          }
          if (call.options().timeout() != null && !routerKeepsTime) {
            call.await(home, call.options().timeout());
          }
          return channel.write(encoded);
        });
  }

  private Options wire(CallOptions options) {
    Options wire = options.inParts() ? Options.of(Keys.PROGRESS, true) : Options.EMPTY;
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
          call.takesNoMoreParts();
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

package io.tandem.cluster.link;

import io.tandem.cluster.delivery.Delivery;

/** Wants nothing but a link; a test overrides what it is about. */
public class QuietListener implements LinkListener {

  @Override
  public void opened(int features) {}

  @Override
  public void closed(LinkClosed why, Runnable cleared) {
    cleared.run();
  }

  @Override
  public void received(int toLane, Delivery delivery, Refund refund) {}

  @Override
  public void told(Notice item) {}

  @Override
  public void roomToTell() {}

  @Override
  public void gone(long[] members) {}

  @Override
  public void hold() {}

  @Override
  public void resume() {}
}

package io.tandem.cluster.link;

import io.tandem.cluster.entry.Entry;

/** Wants nothing but a link; a test overrides what it is about. */
public class QuietListener implements LinkListener {

  @Override
  public void opened(int features) {}

  @Override
  public void closed(LinkClosed why, Runnable settled) {
    settled.run();
  }

  @Override
  public void received(int toLane, Entry entry, Refund refund) {}

  @Override
  public void told(ControlRecord record) {}

  @Override
  public void roomToTell() {}

  @Override
  public void gone(long[] members) {}

  @Override
  public void hold() {}

  @Override
  public void resume() {}
}

package org.rayo.notice;

import java.net.URI;
import java.nio.file.Path;

/** Hands in notices for a webhook and says which are written down, until it is killed. */
final class NoticePublisher {

  private NoticePublisher() {}

  public static void main(String[] arguments) throws Exception {
    Notices notices =
        new SpooledNotices(
            NoticeFixture.webhooks(NoticeFixture.webhook(URI.create(arguments[1]))),
            Path.of(arguments[0]));
    for (int i = 0; i < 100_000; i++) {
      NoticeFixture.await(notices.publishDurably(NoticeFixture.stored("r" + i)));
      System.out.println(i);
    }
  }
}

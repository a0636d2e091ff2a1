package org.rayo.notice;

import java.io.IOException;

/** A file holds no notice. The text has nothing of what it holds. */
final class UnreadableNoticeException extends IOException {

  private static final long serialVersionUID = 1L;

  UnreadableNoticeException(String message) {
    super(message);
  }
}

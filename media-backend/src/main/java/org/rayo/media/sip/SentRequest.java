package org.rayo.media.sip;

import javax.sip.ResponseEvent;

/**
 * Hears what becomes of a request of ours; the application data of its transaction. Called on the
 * stack's threads, and must only hand over.
 */
interface SentRequest {

  /** A response, provisional or final. */
  void responded(ResponseEvent event);

  /** No final response will come any more. */
  void unanswered();
}

package org.rayo.media.sip;

import java.util.List;
import java.util.Optional;
import javax.sip.ResponseEvent;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;

/**
 * The BYE of a call: with its answer, the call is out of the house, but for a challenge, which is
 * answered once.
 *
 * @param headers of the BYE
 * @param again whether it was sent with credentials
 */
record Departure(EmbeddedCall call, List<Header> headers, boolean again) implements SentRequest {
  Departure {
    headers = List.copyOf(headers);
  }

  @Override
  public void responded(ResponseEvent event) {
    Response response = event.getResponse();
    if (response.getStatusCode() < 200) {
      return;
    }
    Optional<Header> credentials =
        again ? Optional.empty() : credentials(response, event.getClientTransaction().getRequest());
    if (credentials.isEmpty()) {
      unanswered();
      return;
    }
    call.send(
        () -> call.dialog().bye(headers, credentials, new Departure(call, headers, true)),
        failure -> unanswered());
  }

  private Optional<Header> credentials(Response response, Request bye) {
    return ChallengeAnswers.isChallenge(response) && call.dialog() instanceof OutboundDialog dialog
        ? dialog
            .target()
            .flatMap(
                target ->
                    new ChallengeAnswers()
                        .answer(
                            call, target, response, Request.BYE, bye.getRequestURI().toString()))
        : Optional.empty();
  }

  @Override
  public void unanswered() {
    call.network(now -> call.signallingDone());
  }
}

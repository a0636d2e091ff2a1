package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.xmpp.packet.IQ;

class StanzaErrorsTest {

  /** A row of the table: how our code names it, and what the XEP says. */
  record Row(Function<String, StanzaError> error, String condition, String type) {}

  static List<Row> table() {
    return List.of(
        new Row(StanzaError::notImplemented, "feature-not-implemented", "cancel"),
        new Row(StanzaError::optionNotImplemented, "feature-not-implemented", "modify"),
        new Row(StanzaError::badRequest, "bad-request", "modify"),
        new Row(StanzaError::conflict, "conflict", "cancel"),
        new Row(StanzaError::itemNotFound, "item-not-found", "cancel"),
        new Row(StanzaError::unexpectedRequest, "unexpected-request", "wait"),
        new Row(StanzaError::resourceConstraint, "resource-constraint", "wait"),
        new Row(StanzaError::notAllowed, "not-allowed", "cancel"),
        new Row(StanzaError::notAuthorized, "not-authorized", "auth"),
        new Row(StanzaError::registrationRequired, "registration-required", "auth"),
        new Row(StanzaError::internal, "internal-server-error", "wait"));
  }

  @ParameterizedTest
  @MethodSource("table")
  void reply_eachErrorOfTheTable_isWrittenAsTheXepSays(Row row) {
    IQ command =
        new IQ(
            Xml.parse(
                "<iq type='set' id='q&amp;1' from='ann@example.org/desk'"
                    + " to='c41@rayo.example.org'><reject xmlns='urn:xmpp:rayo:1'>"
                    + "<header name='x-a' value='&lt;1&gt;'/></reject></iq>"));

    Element reply =
        Xml.parse(StanzaErrors.reply(command, row.error().apply("so \u0001 <not>")).toXML());

    assertThat(Xml.meaning(reply))
        .isEqualTo(
            Xml.meaning(
                Xml.parse(
                    "<iq type='error' id='q&amp;1' to='ann@example.org/desk'"
                        + " from='c41@rayo.example.org'><reject xmlns='urn:xmpp:rayo:1'>"
                        + "<header name='x-a' value='&lt;1&gt;'/></reject><error type='"
                        + row.type()
                        + "'><"
                        + row.condition()
                        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                        + "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>"
                        + "so \uFFFD &lt;not&gt;</text></error></iq>")));
  }

  @Test
  void reply_leavesTheCommandAsItWas() {
    Element element =
        Xml.parse("<iq type='set' id='1' from='a@b/c' to='d@e'><stop xmlns='x'/></iq>");
    String before = element.asXML();
    StanzaErrors.reply(new IQ(element), StanzaError.conflict("no"));
    assertThat(element.asXML()).isEqualTo(before);
  }

  @Test
  void reply_toAnIqWithoutAChild_hasTheErrorAlone() {
    IQ command = new IQ(Xml.parse("<iq type='set' id='1' from='a@b/c' to='d@e'/>"));
    IQ reply = StanzaErrors.reply(command, StanzaError.badRequest("no child"));
    assertThat(reply.getElement().elements()).extracting(Element::getName).containsExactly("error");
  }

  @Test
  void of_everyFaultOfTheMedia_hasItsRow() {
    assertThat(Arrays.stream(Fault.values()).map(StanzaErrorsTest::row))
        .containsExactlyInAnyOrder(
            "CONFIGURATION internal_server_error/wait",
            "WRONG_STATE unexpected_request/wait",
            "NO_RESOURCES resource_constraint/wait",
            "UNSUPPORTED feature_not_implemented/modify",
            "REFUSED bad_request/modify",
            "CONFLICT conflict/cancel",
            "GONE item_not_found/cancel",
            "FAILED internal_server_error/wait");
  }

  private static String row(Fault fault) {
    StanzaError error = StanzaErrors.of(new MediaException(fault, "why"));
    return fault + " " + error.condition() + "/" + error.type();
  }

  @Test
  void of_faultsOfOurs_keepTheirMessageForTheLog() {
    for (Fault fault : List.of(Fault.CONFIGURATION, Fault.FAILED)) {
      MediaException failure = new MediaException(fault, "/srv/spool: no such directory");
      assertThat(StanzaErrors.of(failure).text()).isNotBlank().doesNotContain("/srv");
    }
    MediaException wrongState = new MediaException(Fault.WRONG_STATE, "the call is not answered");
    assertThat(StanzaErrors.of(wrongState).text()).isEqualTo("the call is not answered");
  }
}

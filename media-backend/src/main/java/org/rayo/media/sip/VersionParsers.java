package org.rayo.media.sip;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.MessageParserFactory;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.text.ParseException;

/**
 * Parsers for the stack that keep the version of a request as it was sent; its own takes every
 * version for 2.0, so that nobody could refuse the others. Made by the stack, by name.
 */
public final class VersionParsers implements MessageParserFactory {

  @Override
  public MessageParser createMessageParser(SIPTransactionStack stack) {
    return new Parser();
  }

  private static final class Parser extends StringMsgParser {
    @Override
    protected SIPMessage processFirstLine(
        String line, ParseExceptionListener listener, byte[] message) throws ParseException {
      SIPMessage parsed = super.processFirstLine(line, listener, message);
      if (parsed instanceof SIPRequest request && request.getRequestLine() != null) {
        String text = line.strip();
        request.getRequestLine().setSipVersion(text.substring(text.lastIndexOf(' ') + 1));
      }
      return parsed;
    }
  }
}

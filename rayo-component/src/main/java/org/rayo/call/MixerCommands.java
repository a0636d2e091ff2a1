package org.rayo.call;

import java.util.function.Consumer;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.CallCommand.Accept;
import org.rayo.protocol.CallCommand.Answer;
import org.rayo.protocol.CallCommand.CpaCommand;
import org.rayo.protocol.CallCommand.Hangup;
import org.rayo.protocol.CallCommand.InputCommand;
import org.rayo.protocol.CallCommand.Join;
import org.rayo.protocol.CallCommand.OutputCommand;
import org.rayo.protocol.CallCommand.PromptCommand;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.rayo.protocol.CallCommand.Redirect;
import org.rayo.protocol.CallCommand.Reject;
import org.rayo.protocol.CallCommand.Unjoin;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.IQ;

/** What a mixer can be asked: components, and nothing that is for a call. */
final class MixerCommands implements CallCommand.Handler<Consumer<IQ>> {

  private final PartyComponents components;
  private final CallStanzas stanzas;

  MixerCommands(PartyComponents components, CallStanzas stanzas) {
    this.components = components;
    this.stanzas = stanzas;
  }

  @Override
  public Consumer<IQ> record(RecordCommand record) {
    return iq -> components.recordings().start(iq, record);
  }

  @Override
  public Consumer<IQ> output(OutputCommand output) {
    return iq -> components.others().output(iq, output);
  }

  @Override
  public Consumer<IQ> input(InputCommand input) {
    return iq -> components.others().input(iq, input);
  }

  @Override
  public Consumer<IQ> prompt(PromptCommand prompt) {
    return iq -> components.others().prompt(iq, prompt);
  }

  @Override
  public Consumer<IQ> cpa(CpaCommand cpa) {
    return iq -> components.others().cpa(iq, cpa);
  }

  @Override
  public Consumer<IQ> accept(Accept accept) {
    return this::refuse;
  }

  @Override
  public Consumer<IQ> answer(Answer answer) {
    return this::refuse;
  }

  @Override
  public Consumer<IQ> redirect(Redirect redirect) {
    return this::refuse;
  }

  @Override
  public Consumer<IQ> reject(Reject reject) {
    return this::refuse;
  }

  @Override
  public Consumer<IQ> hangup(Hangup hangup) {
    return this::refuse;
  }

  @Override
  public Consumer<IQ> join(Join join) {
    return this::refuse;
  }

  @Override
  public Consumer<IQ> unjoin(Unjoin unjoin) {
    return this::refuse;
  }

  private void refuse(IQ iq) {
    stanzas.refuse(
        iq,
        StanzaError.notImplemented(
            iq.getChildElement().getName()
                + " is for a call; a mixer understands output, input, prompt and record"));
  }
}

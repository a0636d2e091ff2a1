package org.rayo.protocol;

import org.rayo.protocol.CallCommand.RecordCommand;

/** Records as clients write them, for tests of other packages. */
public final class MixerRecords {

  private MixerRecords() {}

  /** A record with these hints. */
  public static RecordCommand record(String hints) throws CommandRefusedException {
    return (RecordCommand)
        RayoReader.read(
            Xml.parse("<record xmlns='urn:xmpp:rayo:record:1'>" + hints + "</record>"),
            Dialect.XEP_0327);
  }
}

package org.rayo.config;

import java.time.Duration;
import java.util.List;
import org.rayo.protocol.Dialect;

/**
 * {@code rayo.record}: the record component.
 *
 * @param dialect of clients that {@code clients} does not name
 * @param clients first match wins
 * @param maxDuration of one recording
 * @param maxRecordings at once
 * @param encoderThreads at least 1
 * @param nativeMp3 whether the native LAME library makes mp3
 */
public record RecordConfig(
    Dialect dialect,
    List<ClientDialect> clients,
    Duration maxDuration,
    int maxRecordings,
    int encoderThreads,
    NativeMp3 nativeMp3) {

  /** Which LAME makes mp3. */
  public enum NativeMp3 {
    /** The one in Java. */
    OFF,
    /** The system's library, where there is one. */
    AUTO,
    /** The system's library, and no other. */
    REQUIRED
  }

  /** What some clients speak. */
  public record ClientDialect(JidPattern jid, Dialect dialect) {}

  public RecordConfig {
    clients = List.copyOf(clients);
  }

  static RecordConfig read(ConfigReader reader) {
    int threads = reader.integer("rayo.record.encoder-threads", 0, 256);
    return new RecordConfig(
        reader.choice("rayo.record.dialect", Dialect.class),
        reader.blocks(
            "rayo.record.clients",
            List.of("jid", "dialect"),
            block ->
                new ClientDialect(
                    block.parsed(
                        "jid",
                        JidPattern::parse,
                        JidPattern.parse("*"),
                        "a JID, with * for anything"),
                    block.choice("dialect", Dialect.class))),
        reader.duration("rayo.record.max-duration", Duration.ofSeconds(1), Duration.ofDays(24)),
        reader.integer("rayo.record.max-recordings", 1, 100_000),
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
        reader.choice("rayo.record.mp3.native", NativeMp3.class));
  }
}

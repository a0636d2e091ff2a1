package org.rayo.media.rtp;

import java.net.InetSocketAddress;
import java.util.OptionalInt;
import org.rayo.media.audio.G711;

/**
 * What both sides agreed on for one audio stream.
 *
 * @param remote where the other side wants its packets; packets that really come from elsewhere on
 *     the same negotiated stream move it there (symmetric RTP, RFC 4961)
 * @param codec of the audio, both ways
 * @param payloadType of the audio, both ways: 0 for PCMU, 8 for PCMA
 * @param dtmfPayloadType of telephone-event (RFC 4733), if agreed
 * @param direction as this side sees it
 */
public record RtpStreamParameters(
    InetSocketAddress remote,
    G711 codec,
    int payloadType,
    OptionalInt dtmfPayloadType,
    StreamDirection direction) {}

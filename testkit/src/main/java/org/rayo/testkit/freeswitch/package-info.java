/**
 * A stand-in for a FreeSWITCH 1.10.12: a real event socket, real SIP and real RTP on loopback, and
 * behind them as much of a switch as a call controller needs.
 *
 * <p>What it says, and in which order, was recorded from a real one with PCMU calls:
 *
 * <table>
 * <caption>Facts it keeps to</caption>
 * <tr><th>what</th><th>how a 1.10.12 does it</th></tr>
 * <tr><td>frames</td><td>an event frame is Content-Length, then Content-Type; its body holds headers
 *   with percent-encoded values (space %20; comma and slash stay), a blank line, and a second
 *   Content-Length and body for BACKGROUND_JOB</td></tr>
 * <tr><td>order</td><td>the reply to a command comes before the events that the command caused; the
 *   events of a hang-up come 10–25 ms after it, save CHANNEL_HANGUP itself</td></tr>
 * <tr><td>{@code event}</td><td>adds to what is subscribed; {@code event plain} without a known name
 *   is {@code -ERR no keywords supplied}; names after CUSTOM are subclasses</td></tr>
 * <tr><td>{@code filter}</td><td>with one filter or more, an event passes if any of them matches</td></tr>
 * <tr><td>{@code sendmsg}</td><td>is {@code +OK} for every channel that exists, whatever the
 *   application; an application that does not exist hangs the channel up with
 *   DESTINATION_OUT_OF_ORDER</td></tr>
 * <tr><td>playback</td><td>a second one interrupts the first, which goes on after it;
 *   {@code uuid_break all} ends them all with Playback-Status break; a file that does not exist has
 *   no PLAYBACK_START, only CHANNEL_EXECUTE_COMPLETE with FILE NOT FOUND; the key * breaks it off
 *   unless playback_terminators says otherwise</td></tr>
 * <tr><td>a call that is refused</td><td>the SIP status follows from the cause; NORMAL_CLEARING and
 *   names it does not know give 480</td></tr>
 * <tr><td>an INVITE without a session</td><td>is refused with 480, MANDATORY_IE_MISSING, before
 *   CHANNEL_CREATE</td></tr>
 * <tr><td>playback and the end of the call</td><td>PLAYBACK_STOP comes after CHANNEL_HANGUP; the
 *   response is PLAYBACK ERROR if the other side hung up</td></tr>
 * <tr><td>{@code originate}</td><td>CHANNEL_OUTGOING, _CREATE, _ORIGINATE, _PROGRESS, _ANSWER,
 *   CALL_UPDATE, BACKGROUND_JOB {@code +OK <uuid>}, then the application; or HANGUP_COMPLETE, then
 *   BACKGROUND_JOB {@code -ERR <cause>}</td></tr>
 * <tr><td>eavesdrop</td><td>sends nothing before its target has media; is hung up within 20 ms of its
 *   target, but 5 s after it if that never had media; of no such target, at once</td></tr>
 * <tr><td>{@code uuid_bridge}</td><td>both leave park, then CHANNEL_BRIDGE; when one hangs up the
 *   other does too, unless park_after_bridge is set on it</td></tr>
 * <tr><td>conference</td><td>muting one that talks gives no stop-talking; who was put in by {@code
 *   sendmsg} goes back to what it did when it is made to leave, who was transferred is hung up; a
 *   channel has the same member id in all conferences</td></tr>
 * <tr><td>outbound socket</td><td>{@code connect} is answered with the channel's data;
 *   CHANNEL_PARK follows 20 ms later; when the peer closes, the call is hung up with NORMAL_CLEARING
 *   unless it was transferred</td></tr>
 * </table>
 *
 * <p>Where it is kinder: a real eavesdrop leg has silence in place of 40 ms of what the caller says
 * whenever a playback begins or ends; ours has every sample. Not there: everything that is not
 * named in {@link ApiCommands} and {@link Applications}. Uses the phone of {@code
 * org.rayo.testkit.phone}; knows nothing of the backend that it is made for.
 */
@NullMarked
package org.rayo.testkit.freeswitch;

import org.jspecify.annotations.NullMarked;

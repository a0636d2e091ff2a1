/**
 * The store that sends recordings to a web server of one's own, by PUT or POST.
 *
 * <p>Imports only the SPI of {@code org.rayo.storage} and the JDK's HTTP client. Reads recordings
 * from the spool; sends them to the configured address, and where that redirects to, and nowhere
 * else. {@code HttpUpload} says what is sent, {@code HttpTransport} how, {@code HttpFaults} what an
 * answer means.
 */
@NullMarked
package org.rayo.storage.http;

import org.jspecify.annotations.NullMarked;

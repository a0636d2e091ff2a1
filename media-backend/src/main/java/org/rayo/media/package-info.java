/**
 * The media SPI: what call control asks of whoever carries the calls, and what it hears back.
 *
 * <p>A {@link org.rayo.media.MediaBackend} announces incoming calls; a {@link
 * org.rayo.media.MediaCall} is commanded; a {@link org.rayo.media.MediaEvent} tells what became of
 * it. Nothing here knows XMPP, actors or stores, and nothing here may import a package below it
 * that implements it. Commands come from the call actors, events go back to them.
 */
@NullMarked
package org.rayo.media;

import org.jspecify.annotations.NullMarked;

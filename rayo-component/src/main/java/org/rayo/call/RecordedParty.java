package org.rayo.call;

/**
 * What recordings say of the call or mixer that they were made of.
 *
 * @param idPrefix what the ids of its recordings begin with: safe in file names, and nobody else's
 * @param from who called
 * @param to whom
 * @param isMixer all that is recorded of it is what all in it say
 */
record RecordedParty(String idPrefix, String from, String to, boolean isMixer) {}

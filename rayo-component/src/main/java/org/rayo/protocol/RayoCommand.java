package org.rayo.protocol;

/** What a client asks of the server: an iq of type set, parsed and valid in itself. */
public sealed interface RayoCommand permits ServerCommand, CallCommand, ComponentCommand {}

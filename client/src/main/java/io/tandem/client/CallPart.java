package io.tandem.client;

/**
 * A further part of a call.
 *
 * @param isLast whether nothing follows it
 */
public record CallPart(Arguments arguments, boolean isLast) {}

package dev.tarn.lake;

/**
 * Names a write so that it happens once, however often it is tried (Delta protocol, "Transaction Identifiers").
 *
 * @param appId who writes: no other writer of the table may use it
 * @param version grows with each write of this application; a write whose version is not greater than the last one that the
 *     table recorded is already done and is skipped
 */
public record AppTransaction(String appId, long version) {}

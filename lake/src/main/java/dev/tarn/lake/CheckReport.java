package dev.tarn.lake;

import java.util.List;
import java.util.OptionalLong;

/**
 * Tells how a table is.
 *
 * @param version that was looked at; empty if the log does not tell one
 * @param files data files that were looked at
 * @param withRows whether the rows were read, too
 * @param findings what is not as it should be; after a repair, what still is not
 * @param repaired what a repair has mended
 */
public record CheckReport(
        OptionalLong version, int files, boolean withRows, List<CheckFinding> findings, List<CheckFinding> repaired) {
    public CheckReport {
        findings = List.copyOf(findings);
        repaired = List.copyOf(repaired);
    }

    /** Whether nothing is damaged. */
    public boolean isHealthy() {
        return findings.stream().noneMatch(CheckFinding::isDamage);
    }
}

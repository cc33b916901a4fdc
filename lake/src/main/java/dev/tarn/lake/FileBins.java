package dev.tarn.lake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides which files become one file.
 *
 * <p>Files of a partition are taken in the order in which they were written and never sorted by size: rows that came together
 * stay together, so that readers can skip as many files by their statistics as before.
 *
 * @param target bytes that a file should have at most; one that has fewer is too small
 * @param rewrite files that must be written anew even if alone
 */
record FileBins(Metadata metadata, long target, Predicate<AddFile> rewrite) {
    /** Files that become one file each; a bin is a list of files of one partition. */
    List<List<AddFile>> of(List<AddFile> files) {
        Map<Map<String, Optional<String>>, List<AddFile>> partitions = new LinkedHashMap<>();
        files.stream()
                .filter(file -> file.size() < target || rewrite.test(file))
                .forEach(file -> partitions
                        .computeIfAbsent(Replacement.partition(file, metadata), partition -> new ArrayList<>())
                        .add(file));
        List<List<AddFile>> bins = new ArrayList<>();
        partitions.values().forEach(partition -> pack(partition, bins));
        return bins;
    }

    private void pack(List<AddFile> partition, List<List<AddFile>> bins) {
        // The sort is stable: files of one commit stay in the order of the log.
        partition.sort(Comparator.comparing(
                file -> Json.number(file.json(), "modificationTime").orElse(0L)));
        List<AddFile> bin = new ArrayList<>();
        long bytes = 0;
        for (AddFile file : partition) {
            long size = remainingBytes(file);
            if (!bin.isEmpty() && bytes + size > target) {
                keep(bin, bins);
                bin = new ArrayList<>();
                bytes = 0;
            }
            bin.add(file);
            bytes += size;
        }
        keep(bin, bins);
    }

    private void keep(List<AddFile> bin, List<List<AddFile>> bins) {
        if (bin.size() > 1 || bin.stream().anyMatch(rewrite)) {
            bins.add(List.copyOf(bin));
        }
    }

    /** About what the rows take that are not deleted. */
    private static long remainingBytes(AddFile file) {
        return Math.round(file.size() * (1 - deletedRatio(file).orElse(0.0)));
    }

    /** The part of the rows in the file that is deleted; empty if there is a deletion vector and nobody knows. */
    static Optional<Double> deletedRatio(AddFile file) {
        Optional<DeletionVector> vector = file.deletionVector();
        if (vector.isEmpty()) {
            return Optional.of(0.0);
        }
        return file.numRecords()
                .filter(rows -> rows > 0)
                .map(rows -> (double) vector.get().cardinality() / rows);
    }
}

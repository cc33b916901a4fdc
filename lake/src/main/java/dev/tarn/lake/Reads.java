package dev.tarn.lake;

import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What of a table an operation has read, so that its result is another one if that changes.
 *
 * @param paths the files that were read, decoded, without their deletion vectors
 * @param mayMatch whether a file that another writer adds could have been read too; partition values and statistics decide
 */
record Reads(boolean everything, Set<String> paths, Predicate<AddFile> mayMatch) {
    private static final Reads NOTHING = new Reads(false, Set.of(), file -> false);
    private static final Reads EVERYTHING = new Reads(true, Set.of(), file -> true);

    Reads {
        paths = Set.copyOf(paths);
    }

    /** The operation is the same whatever is in the table: a blind append. */
    static Reads nothing() {
        return NOTHING;
    }

    static Reads all() {
        return EVERYTHING;
    }

    /** @param mayMatch holds for each of the files, and for each other file from which rows would have been taken */
    static Reads of(Collection<AddFile> files, Predicate<AddFile> mayMatch) {
        return new Reads(false, files.stream().map(AddFile::decodedPath).collect(Collectors.toSet()), mayMatch);
    }

    /** Whether this is the one value of {@link #nothing}; the predicates of two reads cannot be compared. */
    @SuppressWarnings("ReferenceEquality")
    boolean isNothing() {
        return equals(NOTHING);
    }

    boolean hasRead(String path) {
        return everything || paths.contains(path);
    }
}

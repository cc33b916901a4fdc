package dev.tarn.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Collects what a commit changes. */
final class Changes {
    private Optional<Protocol> protocol = Optional.empty();
    private Optional<Metadata> metadata = Optional.empty();
    private final List<Map<String, Object>> domains = new ArrayList<>();
    private final List<AddFile> removed = new ArrayList<>();
    private final List<AddFile> needed = new ArrayList<>();
    private Optional<Predicate<AddFile>> replaced = Optional.empty();
    private final List<AddFile> added = new ArrayList<>();
    private final List<Map<String, Object>> changeFiles = new ArrayList<>();
    private boolean onlyCreate;
    private boolean onlyOldRows;
    private boolean dataChange = true;

    Changes protocol(Protocol next) {
        protocol = Optional.of(next);
        return this;
    }

    Changes metadata(Metadata next) {
        metadata = Optional.of(next);
        return this;
    }

    /** A {@code domainMetadata} action. */
    Changes domain(Map<String, Object> json) {
        domains.add(json);
        return this;
    }

    /** Takes files out of the table that the operation found there; it is a conflict if another writer does so first. */
    Changes remove(Collection<AddFile> files) {
        removed.addAll(files);
        return this;
    }

    /** Asks that files are still in the table, as they were; it is a conflict if another writer took them out. */
    Changes need(Collection<AddFile> files) {
        needed.addAll(files);
        return this;
    }

    /** Takes out of the table whatever files of a kind it has when the commit is made, seen or not. */
    Changes replace(Predicate<AddFile> kind) {
        replaced = Optional.of(kind);
        return this;
    }

    Changes add(Collection<AddFile> files) {
        added.addAll(files);
        return this;
    }

    /** {@code cdc} actions ("Add CDC File"): with one, they must tell all changes of the commit. */
    Changes changeFiles(Collection<Map<String, Object>> json) {
        changeFiles.addAll(json);
        return this;
    }

    /** Refuses a table that another writer created first, even the same one. */
    Changes onlyCreate() {
        onlyCreate = true;
        return this;
    }

    /** Says that the rows of the table stay the same: they only come into other files. */
    Changes withoutDataChange() {
        dataChange = false;
        return this;
    }

    boolean isDataChange() {
        return dataChange;
    }

    /** Says that all rows have been in the table before, so that nobody need look whether they may be. */
    Changes withoutNewRows() {
        onlyOldRows = true;
        return this;
    }

    boolean bringsRows() {
        return !onlyOldRows && isDataChange() && !added.isEmpty();
    }

    boolean isOnlyCreate() {
        return onlyCreate;
    }

    Optional<Protocol> protocol() {
        return protocol;
    }

    Optional<Metadata> metadata() {
        return metadata;
    }

    List<Map<String, Object>> domains() {
        return domains;
    }

    List<AddFile> added() {
        return added;
    }

    List<AddFile> removed() {
        return removed;
    }

    List<AddFile> needed() {
        return needed;
    }

    List<Map<String, Object>> changeFiles() {
        return changeFiles;
    }

    boolean onlyAdds() {
        return removed.isEmpty() && replaced.isEmpty() && changeFiles.isEmpty();
    }

    /** Whether the files taken out depend on what is there when the commit is made. */
    boolean replaces() {
        return replaced.isPresent();
    }

    /** All files that leave a table that is in this state. */
    List<AddFile> leaving(Optional<TableState> current) {
        List<AddFile> leaving = new ArrayList<>(removed);
        if (replaced.isPresent() && current.isPresent()) {
            Predicate<AddFile> kind = replaced.get();
            current.get().files().values().stream()
                    .filter(file -> !removed.contains(file) && kind.test(file))
                    .forEach(leaving::add);
        }
        return leaving;
    }
}

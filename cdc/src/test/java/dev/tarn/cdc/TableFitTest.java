package dev.tarn.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.lake.DeltaField;
import dev.tarn.lake.DeltaTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table takes columns that are added in its source, and nothing that would have to be guessed. */
class TableFitTest {

    @TempDir
    private Path folder;

    private final List<Column> columns = new ArrayList<>();

    @BeforeEach
    void followsTwoColumns() throws StreamException {
        columns.add(column("id", "int4", "integer", 1, false));
        columns.add(column("v", "text", "text", 2, false));
        make(1, true);
    }

    private static Column column(String name, String base, String declared, int number, boolean hasDefault)
            throws StreamException {
        return Column.of("public.t", name, declared, new Column.Origin(base, number, hasDefault));
    }

    private void make(long id, boolean evolve) throws StreamException {
        Properties properties = new Properties();
        properties.putAll(
                java.util.Map.of("name", "s", "port", "1", "host", "h", "database", "d", "user", "u", "password", "p"));
        properties.putAll(java.util.Map.of("target", folder.toString(), "work", folder.toString()));
        properties.setProperty("schema.changes", evolve ? "evolve" : "strict");
        StreamSettings settings = StreamSettings.of(properties);
        SourceTable source = new SourceTable("public.t", columns, List.of("id"), id, folder.resolve("t"));
        new TargetTable(source, settings).fit();
    }

    private List<String> stored() {
        return DeltaTable.forPath(folder.resolve("t")).snapshot().orElseThrow().schema().fields().stream()
                .map(DeltaField::name)
                .toList();
    }

    private void assertStops(boolean evolve, String message) {
        long version = DeltaTable.forPath(folder.resolve("t")).newestVersion().orElseThrow();
        assertThatThrownBy(() -> make(1, evolve))
                .isInstanceOf(StreamException.class)
                .hasMessage("the columns of table 'public.t' have changed: " + message);
        assertThat(DeltaTable.forPath(folder.resolve("t")).newestVersion()).hasValue(version);
    }

    @Test
    void addsAColumnOnce() throws Exception {
        columns.add(column("w", "int8", "bigint", 3, false));
        make(1, true);
        long version = DeltaTable.forPath(folder.resolve("t")).newestVersion().orElseThrow();
        make(1, true);

        assertThat(stored()).containsExactly("id", "v", "w");
        assertThat(DeltaTable.forPath(folder.resolve("t")).newestVersion()).hasValue(version);
    }

    @Test
    void aNewColumnStopsAStrictStream() throws Exception {
        columns.add(column("w", "int8", "bigint", 3, false));

        assertStops(false, "column 'w' is new");
    }

    @Test
    void aDefaultIsNotGuessed() throws Exception {
        columns.add(column("w", "int8", "bigint", 3, true));

        assertStops(true, "column 'w' is new and has a default, and which rows of before have it is not known");
    }

    @Test
    void aDroppedColumnStaysOrStops() throws Exception {
        columns.remove(1);

        assertStops(false, "there is no column 'v' any more");
        make(1, true);
        assertThat(stored()).containsExactly("id", "v");
    }

    @Test
    void aRenamedColumnIsNoNewOne() throws Exception {
        columns.set(1, column("other", "text", "text", 2, false));

        assertStops(true, "column 'v' was renamed to 'other'");
    }

    @Test
    void swappedNamesAreSeen() throws Exception {
        columns.add(column("w", "text", "text", 3, false));
        make(1, true);
        columns.set(1, column("w", "text", "text", 2, false));
        columns.set(2, column("v", "text", "text", 3, false));

        assertThatThrownBy(() -> make(1, true)).hasMessageContaining("was renamed to");
    }

    @Test
    void aColumnThatWasMadeAnewIsSeen() throws Exception {
        columns.set(1, column("v", "text", "text", 3, false));

        assertStops(true, "column 'v' was dropped and made again");
    }

    @Test
    void anotherTypeStops() throws Exception {
        columns.set(1, column("v", "int4", "integer", 2, false));

        assertStops(true, "column 'v' is of another type now");
    }

    @Test
    void aTableThatWasMadeAnewIsSeen() {
        assertThatThrownBy(() -> make(2, true)).hasMessage("table 'public.t' was dropped and made again");
    }
}

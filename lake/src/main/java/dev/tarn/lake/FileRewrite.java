package dev.tarn.lake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes one data file anew, as an operation leaves its rows.
 *
 * @param number of the file among the candidates of the operation
 * @param ranges the rows that one COPY takes, which together are all; empty stands for all
 * @param now the time of the new files
 */
record FileRewrite(int number, AddFile file, List<Optional<RowSelect.RowRange>> ranges, long now) {

    /** What came of it; a file whose rows all went has come to nothing. */
    record Result(List<DataFiles.Written> written, List<AddFile> added) {}

    /** After a failure no file is left. */
    Result run(Connection duckdb, RowSelect select) throws SQLException {
        Result result = new Result(new ArrayList<>(), new ArrayList<>());
        try {
            for (Optional<RowSelect.RowRange> range : ranges) {
                write(duckdb, select, range, result);
            }
        } catch (SQLException | RuntimeException failure) {
            DataFiles.delete(result.written());
            throw failure;
        }
        return result;
    }

    private void write(Connection duckdb, RowSelect select, Optional<RowSelect.RowRange> range, Result result)
            throws SQLException {
        DataFiles dataFiles = new DataFiles(select.target().table(), select.metadata());
        String rows = select.data(number, file, range);
        boolean moves = select.movesRows();
        List<DataFiles.Written> files =
                moves ? dataFiles.writeUnnamed(duckdb, rows) : dataFiles.writeAnew(duckdb, rows, file);
        result.written.addAll(files);
        files.forEach(each ->
                result.added.add(moves ? dataFiles.add(each, now) : dataFiles.add(each, now, file.partitionValues())));
    }
}

package dev.tarn.it.delta;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A reader that writes as well. */
interface Peer extends Reader {
    /** Makes a table without rows that has the columns of the source. */
    void create(Path table, Source source, List<String> partitionBy, Map<String, String> properties) throws Exception;

    void append(Path table, Source source) throws Exception;

    /** Adds columns that the table lacks. */
    void appendMergingSchema(Path table, Source source) throws Exception;

    void overwrite(Path table, Source source) throws Exception;

    /** Replaces the partitions that the source has rows for. */
    void overwritePartitions(Path table, Source source) throws Exception;

    void replaceWhere(Path table, Source source, String condition) throws Exception;

    void delete(Path table, String where) throws Exception;

    void update(Path table, Map<String, String> set, String where) throws Exception;

    void merge(Path table, Source source, Merge merge) throws Exception;

    /** Changes the table itself; what the writer has no words for is an {@link UnsupportedOperationException}. */
    void alter(Path table, Alteration alteration) throws Exception;

    void checkpoint(Path table) throws Exception;

    /** Appends and records a transaction of an application. */
    void appendOnce(Path table, Source source, String application, long version) throws Exception;

    /** The newest entry of the history: operation, parameters and metrics as far as they are told. */
    Map<String, Object> newestHistory(Path table) throws Exception;
}

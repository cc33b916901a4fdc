package dev.tarn.cli;

import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What each command takes that works on streams. */
final class StreamOptions {

    @Parameters(arity = "0..*", paramLabel = "STREAM", description = "Streams by name (default: all).")
    List<String> streams = List.of();

    @Mixin
    CommonOptions common = new CommonOptions();
}

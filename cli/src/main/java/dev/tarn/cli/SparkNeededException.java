package dev.tarn.cli;

/** A command needs Spark, which is not on this process's class path; it begins again in one where it is. */
final class SparkNeededException extends RuntimeException {

    private final String version;

    /** @param version of Spark, such as {@code 4.1} */
    SparkNeededException(String version) {
        super("Spark " + version + " is needed");
        this.version = version;
    }

    String version() {
        return version;
    }
}

package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.core.run.Cancellation;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The program: runs one command and exits with its code. */
public final class Main {

    /** How long an interrupted command may take to leave everything clean before the process ends anyway. */
    private static final int GRACE_SECONDS = 30;

    private Main() {}

    public static void main(String[] args) {
        Cancellation interrupt = new Cancellation();
        CountDownLatch finished = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(interrupt, finished), "tarn-shutdown"));
        String parent = System.getProperty(SparkProcess.PARENT);
        if (parent != null) {
            endWith(Long.parseLong(parent));
        }
        int code;
        try {
            code = Commands.execute(Console.ofProcess(), interrupt, args);
        } finally {
            finished.countDown();
        }
        System.exit(code);
    }

    /** Nobody waits for what this process does once the one that has started it is gone. */
    private static void endWith(long parent) {
        CompletableFuture<Void> unused = ProcessHandle.of(parent)
                .map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenRun(() -> System.exit(ExitCode.INTERRUPTED));
    }

    /** Halts when all is done: by itself the JVM would exit with 130 after SIGINT, but with 143 after SIGTERM. */
    private static void stop(Cancellation interrupt, CountDownLatch finished) {
        boolean bySignal = finished.getCount() > 0;
        interrupt.request();
        try {
            if (!finished.await(GRACE_SECONDS, TimeUnit.SECONDS) || bySignal) {
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a command inside this process, for tests and for the training of the class archive. */
    public static int run(PrintStream out, PrintStream err, String... args) {
        return Commands.execute(Console.plain(out, err), new Cancellation(), args);
    }
}

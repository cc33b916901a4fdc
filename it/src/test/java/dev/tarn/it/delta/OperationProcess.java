package dev.tarn.it.delta;

import java.nio.file.Path;
import java.sql.Connection;

/** A process that does one operation of ours; its arguments: the table's path and the operation's name. */
final class OperationProcess {
    private OperationProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path table = Path.of(arguments[0]);
        Operation operation = Operation.of(arguments[1]);
        try (Connection duckdb = Peers.openDuckDb()) {
            Source rows = new Source(operation.rowsQuery(), Path.of("none"));
            System.out.println("begin");
            long start = System.nanoTime();
            operation.work().run(new TarnPeer(duckdb), table, rows);
            System.out.println("end " + (System.nanoTime() - start));
        }
    }
}

package dev.tarn.it.stream;

import dev.tarn.services.ServiceType;
import dev.tarn.services.junit.ServicesExtension;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A stream that is killed wherever it hurts leaves the tables that an undisturbed one would have left. */
class StreamKillIT {

    @RegisterExtension
    static final ServicesExtension SERVICES = ServicesExtension.with(ServiceType.POSTGRES);

    @TempDir
    private Path scratch;

    @Test
    void everyChangeIsAppliedOnceWhereverTheStreamIsKilled() throws Exception {
        URI uri = URI.create(SERVICES.endpoint(ServiceType.POSTGRES));
        String url = "jdbc:postgresql://127.0.0.1:" + uri.getPort() + uri.getPath();
        try (StreamTrial trial =
                new StreamTrial(scratch, url, uri.getUserInfo(), SERVICES.password(ServiceType.POSTGRES))) {
            trial.write(42);
            for (String halt : List.of(
                    "SNAPSHOT_ROW:300",
                    "TABLE_COMMITTED:1",
                    "BATCH_COMMITTED:1",
                    "ROW:700",
                    "STAGED:3",
                    "TABLE_COMMITTED:3",
                    "BATCH_COMMITTED:2",
                    "CONFIRMED:2",
                    "ROW:2500")) {
                trial.killAt(halt);
            }
            Random random = new Random(7);
            for (int i = 0; i < 10; i++) {
                trial.killAfter(200 + random.nextInt(1_500));
            }
            trial.rest();
            trial.catchUp();
            trial.assertOnce();
        }
    }
}

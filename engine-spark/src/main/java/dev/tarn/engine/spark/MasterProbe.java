package dev.tarn.engine.spark;

import dev.tarn.core.engine.Failure;
import dev.tarn.core.engine.FailureException;
import dev.tarn.core.source.ProblemCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Knocks at a standalone master before a session is started: Spark itself tries for a minute, and then is silent on why. */
final class MasterProbe {

    private static final int PATIENCE_MILLIS = 3_000;

    private MasterProbe() {}

    /** @param master {@code spark://host:port}, or several: {@code spark://one:7077,two:7077} */
    static void check(String master) {
        List<String> said = new ArrayList<>();
        for (String each :
                master.substring("spark:".length()).replaceFirst("^//", "").split(",", -1)) {
            Optional<String> refusal = knock(each);
            if (refusal.isEmpty()) {
                return;
            }
            said.add(refusal.get());
        }
        throw new FailureException(new Failure(
                ProblemCode.ENGINE_FAILED,
                "no Spark master answers at '" + master + "': " + String.join("; ", said),
                Optional.of(
                        "start it ('tarn up spark' starts one beside the project, 'tarn status' says where), or take"
                                + " --master 'local[*]'"),
                Optional.empty(),
                false,
                null));
    }

    private static Optional<String> knock(String address) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            int port = Integer.parseInt(address.substring(colon + 1));
            socket.connect(new InetSocketAddress(address.substring(0, Math.max(0, colon)), port), PATIENCE_MILLIS);
            return Optional.empty();
        } catch (IOException e) {
            String unknown = e instanceof java.net.UnknownHostException ? "unknown host " : "";
            return Optional.of(unknown + e.getMessage());
        } catch (IllegalArgumentException e) {
            return Optional.of("'" + address + "' is not host:port");
        }
    }
}

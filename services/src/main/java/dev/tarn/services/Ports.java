package dev.tarn.services;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Random;

/** A service's ports. A free one is remembered, so that it is the same after the next start. */
final class Ports {

    /** Below the range from which systems take ports for outgoing connections. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 12_000;
    private static final Random RANDOM = new SecureRandom();

    private final Path file;
    private final String service;

    Ports(Path file, String service) {
        this.file = file;
        this.service = service;
    }

    /**
     * A port that nobody listens on.
     *
     * @param what its role in the service, under which it is remembered
     * @throws ServiceException if the fixed one is taken
     */
    int take(String what, OptionalInt fixed) throws ServiceException, IOException {
        if (fixed.isPresent()) {
            if (!isFree(fixed.getAsInt())) {
                throw taken(fixed.getAsInt());
            }
            return fixed.getAsInt();
        }
        Properties known = PropertiesFile.read(file);
        int before = Integer.parseInt(known.getProperty(what, "0"));
        if (before != 0 && isFree(before)) {
            return before;
        }
        int port = free();
        known.setProperty(what, String.valueOf(port));
        PropertiesFile.write(file, known);
        return port;
    }

    private static int free() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            int port = FIRST + RANDOM.nextInt(COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port between " + FIRST + " and " + (FIRST + COUNT));
    }

    private ServiceException taken(int port) {
        String owner = Listeners.of(port).map(by -> " by " + by).orElse("");
        return new ServiceException(
                "port " + port + " of '" + service + "' is taken" + owner,
                "stop that program, choose another 'port' for '" + service
                        + "', or leave 'port' out to get a free one");
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}

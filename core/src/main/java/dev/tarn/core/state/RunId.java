package dev.tarn.core.state;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Makes names for runs that sort by their start and never meet: {@code 20260307T142530Z-9f3a2c}. */
public final class RunId {

    private static final DateTimeFormatter START =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private RunId() {}

    public static String create(Clock clock) {
        return START.format(clock.instant()) + "-" + String.format(Locale.ROOT, "%06x", RANDOM.nextInt(1 << 24));
    }
}

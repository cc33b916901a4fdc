package dev.tarn.services;

import java.util.Locale;

/** What a server does. */
public enum ServerState {
    /** It is set up: folders, configuration, an empty database. */
    PREPARING,
    /** Its process runs and does not answer yet. */
    STARTING,
    /** It answers. */
    HEALTHY,
    /** It ended, and is started again after a pause. */
    RESTARTING,
    /** It was given up; see the reason. */
    FAILED,
    STOPPING,
    STOPPED;

    /** Whether it has come to rest, as well or badly as it will. */
    public boolean isSettled() {
        return this == HEALTHY || this == FAILED || this == STOPPED;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ServerState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

package dev.tarn.services;

import java.io.IOException;

/** Asks a server whether it does its work. */
interface HealthCheck {

    /** Returns if it does; must not take longer than a few seconds. */
    void check() throws IOException;
}

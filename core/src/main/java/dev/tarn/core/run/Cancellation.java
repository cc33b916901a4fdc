package dev.tarn.core.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A wish to stop, made by one thread and heard by others. Thread-safe. */
public final class Cancellation {

    private final CountDownLatch requested = new CountDownLatch(1);
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();

    /** Asks to stop; asking again does nothing more. */
    public synchronized void request() {
        if (!isRequested()) {
            requested.countDown();
            actions.forEach(Runnable::run);
        }
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Runs {@code action} when the wish is made, at once if it was made already. */
    public synchronized void onRequest(Runnable action) {
        if (isRequested()) {
            action.run();
        } else {
            actions.add(action);
        }
    }

    /** Waits for the wish; false when it was not made in that time. */
    public boolean await(Duration time) throws InterruptedException {
        return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}

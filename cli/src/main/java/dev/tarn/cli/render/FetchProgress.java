package dev.tarn.cli.render;

import dev.tarn.provision.FetchListener;
import java.util.Locale;

/** Says on standard error what is fetched: a line that is rewritten on a terminal, elsewhere one for each thing. */
public final class FetchProgress implements FetchListener {

    private final Console console;

    public FetchProgress(Console console) {
        this.console = console;
    }

    @Override
    public void started(String what) {
        console.err().println("fetching " + what + " …");
    }

    @Override
    public synchronized void progress(String what, String part, long bytes) {
        if (console.live()) {
            String size = bytes == 0 ? "" : String.format(Locale.ROOT, "%.1f MB, ", bytes / 1e6);
            String line = "  " + size + part;
            console.err().print("\r" + line.substring(0, Math.min(line.length(), 78)) + "\u001b[K");
            console.err().flush();
        }
    }

    @Override
    public void finished(String what) {
        if (console.live()) {
            console.err().print("\r\u001b[K");
            console.err().flush();
        }
    }
}

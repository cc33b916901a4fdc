package dev.tarn.engine.spark.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What the application is asked to do. */
record Arguments(
        Path project,
        Optional<String> environment,
        int workers,
        List<String> select,
        List<String> exclude,
        Optional<String> master) {

    static final String USAGE =
            "run PROJECT [--env NAME] [--workers N] [--select NODES] [--exclude NODES] [--master URL]";

    Arguments {
        select = List.copyOf(select);
        exclude = List.copyOf(exclude);
    }

    /**
     * Reads the words after the name of the jar.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static Arguments of(String... args) {
        Optional<Path> project = Optional.empty();
        Optional<String> environment = Optional.empty();
        Optional<String> master = Optional.empty();
        int workers = 4;
        List<String> select = new ArrayList<>();
        List<String> exclude = new ArrayList<>();
        if (args.length == 0 || !args[0].equals("run")) {
            throw new IllegalArgumentException("usage: " + USAGE);
        }
        Iterator<String> words = Arrays.asList(args).subList(1, args.length).iterator();
        while (words.hasNext()) {
            String name = words.next();
            if (!name.startsWith("-")) {
                if (project.isPresent()) {
                    throw new IllegalArgumentException("unexpected '" + name + "'; usage: " + USAGE);
                }
                project = Optional.of(Path.of(name));
                continue;
            }
            String value = words.hasNext() ? words.next() : missing(name);
            switch (name) {
                case "--env" -> environment = Optional.of(value);
                case "--workers" -> workers = workers(value);
                case "--select", "-s" -> select.add(value);
                case "--exclude" -> exclude.add(value);
                case "--master" -> master = Optional.of(value);
                default -> throw new IllegalArgumentException("unknown option '" + name + "'; usage: " + USAGE);
            }
        }
        return new Arguments(
                project.orElseThrow(() -> new IllegalArgumentException("no project; usage: " + USAGE)),
                environment,
                workers,
                select,
                exclude,
                master);
    }

    private static String missing(String option) {
        throw new IllegalArgumentException("option '" + option + "' has no value; usage: " + USAGE);
    }

    private static int workers(String value) {
        if (!value.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException("--workers takes a number from 1, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }
}

package dev.tarn.core.story;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a graph's nodes and arrows stand: columns from left to right, each node right of all that it waits for. An arrow
 * over several columns passes through a place of its own in each, so that it runs between the nodes.
 *
 * @param nodes in the order given
 */
public record GraphLayout(int width, int height, List<Box> nodes, List<Arrow> arrows) {

    static final int BOX_WIDTH = 184;
    static final int BOX_HEIGHT = 46;
    private static final int COLUMN_GAP = 64;
    private static final int ROW_GAP = 14;
    private static final int PASS_HEIGHT = 8;
    private static final int MARGIN = 12;
    private static final int SWEEPS = 12;

    /** The upper left corner of a node. */
    public record Box(int x, int y) {}

    /**
     * An arrow between two nodes, by their indexes.
     *
     * @param data whether rows go over it; otherwise it is an order only
     * @param path as SVG has it
     */
    public record Arrow(int from, int to, boolean data, String path) {}

    public GraphLayout {
        nodes = List.copyOf(nodes);
        arrows = List.copyOf(arrows);
    }

    /** A node, or a place where an arrow passes through a column. */
    private static final class Place {
        final int column;
        final int height;
        final List<Place> left = new ArrayList<>();
        final List<Place> right = new ArrayList<>();
        double middle;

        Place(int column, int height) {
            this.column = column;
            this.height = height;
        }

        double wish() {
            return middle(left.isEmpty() ? right : right.isEmpty() ? left : both());
        }

        private List<Place> both() {
            List<Place> both = new ArrayList<>(left);
            both.addAll(right);
            return both;
        }

        double middle(List<Place> neighbours) {
            return neighbours.stream()
                    .mapToDouble(place -> place.middle)
                    .average()
                    .orElse(middle);
        }

        double x() {
            return MARGIN + column * (double) (BOX_WIDTH + COLUMN_GAP);
        }
    }

    /** Lays out a story's nodes, which stand in an order in which each comes after those that it waits for. */
    static GraphLayout of(List<NodeStory> nodes) {
        Map<String, Integer> index = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            index.put(nodes.get(i).node(), i);
        }
        List<int[]> edges = new ArrayList<>();
        for (int to = 0; to < nodes.size(); to++) {
            addEdges(edges, nodes.get(to).needs(), to, 1, index);
            addEdges(edges, nodes.get(to).after(), to, 0, index);
        }
        return of(nodes.size(), edges);
    }

    private static void addEdges(
            List<int[]> edges, List<String> sources, int to, int data, Map<String, Integer> index) {
        for (String source : sources) {
            Integer from = index.get(source);
            if (from != null && from < to) {
                edges.add(new int[] {from, to, data});
            }
        }
    }

    /** @param edges from, to, and 1 if rows go over it; {@code from} is the lesser number */
    static GraphLayout of(int count, List<int[]> edges) {
        int[] column = columns(count, edges);
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(new Place(column[i], BOX_HEIGHT));
        }
        List<List<Place>> ways = edges.stream().map(edge -> way(edge, places)).toList();
        List<List<Place>> columns = byColumn(places, ways);
        order(columns);
        spread(columns);
        return drawn(places.subList(0, count), edges, ways, columns);
    }

    private static int[] columns(int count, List<int[]> edges) {
        int[] column = new int[count];
        edges.stream()
                .sorted(Comparator.comparingInt(edge -> edge[1]))
                .forEach(edge -> column[edge[1]] = Math.max(column[edge[1]], column[edge[0]] + 1));
        boolean[] fed = new boolean[count];
        edges.forEach(edge -> fed[edge[1]] = true);
        // What waits for nothing stands beside its first reader: its arrows are short then.
        for (int i = 0; i < count; i++) {
            int node = i;
            if (!fed[i]) {
                column[i] = edges.stream()
                        .filter(edge -> edge[0] == node)
                        .mapToInt(edge -> column[edge[1]] - 1)
                        .min()
                        .orElse(0);
            }
        }
        return column;
    }

    /** The places from one end of an arrow to the other. */
    private static List<Place> way(int[] edge, List<Place> nodes) {
        Place from = nodes.get(edge[0]);
        Place to = nodes.get(edge[1]);
        List<Place> way = new ArrayList<>(List.of(from));
        for (int column = from.column + 1; column < to.column; column++) {
            way.add(new Place(column, PASS_HEIGHT));
        }
        way.add(to);
        for (int i = 1; i < way.size(); i++) {
            way.get(i - 1).right.add(way.get(i));
            way.get(i).left.add(way.get(i - 1));
        }
        return way;
    }

    private static List<List<Place>> byColumn(List<Place> nodes, List<List<Place>> ways) {
        int last = nodes.stream().mapToInt(place -> place.column).max().orElse(0);
        List<List<Place>> columns = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            columns.add(new ArrayList<>());
        }
        nodes.forEach(place -> columns.get(place.column).add(place));
        ways.forEach(way -> way.subList(1, way.size() - 1)
                .forEach(place -> columns.get(place.column).add(place)));
        return columns;
    }

    /** Few crossings: each place goes to the middle of its neighbours in the column before, then after, again and again. */
    private static void order(List<List<Place>> columns) {
        columns.forEach(GraphLayout::number);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean forth = sweep % 2 == 0;
            for (int i = 0; i < columns.size(); i++) {
                List<Place> column = columns.get(forth ? i : columns.size() - 1 - i);
                column.sort(Comparator.comparingDouble(place -> place.middle(forth ? place.left : place.right)));
                number(column);
            }
        }
    }

    private static void number(List<Place> column) {
        for (int i = 0; i < column.size(); i++) {
            column.get(i).middle = i - column.size() / 2.0;
        }
    }

    /** Gives each place a height near its neighbours', without changing the order. */
    private static void spread(List<List<Place>> columns) {
        columns.forEach(column -> settle(column, places(column)));
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int i = 0; i < columns.size(); i++) {
                List<Place> column = columns.get(sweep % 2 == 0 ? i : columns.size() - 1 - i);
                settle(column, column.stream().mapToDouble(Place::wish).toArray());
            }
        }
    }

    private static double[] places(List<Place> column) {
        double[] offsets = offsets(column);
        double all = offsets.length == 0 ? 0 : offsets[offsets.length - 1];
        return Arrays.stream(offsets).map(offset -> offset - all / 2).toArray();
    }

    /** How far each place is from the first one when they stand as close as they may. */
    private static double[] offsets(List<Place> column) {
        double[] offsets = new double[column.size()];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = offsets[i - 1] + (column.get(i - 1).height + column.get(i).height) / 2.0 + ROW_GAP;
        }
        return offsets;
    }

    /**
     * The heights nearest to the wishes that keep the distances: wishes without the distances must not fall, so
     * neighbours where they do share their mean (pool adjacent violators).
     */
    private static void settle(List<Place> column, double[] wishes) {
        double[] offsets = offsets(column);
        List<double[]> pools = new ArrayList<>();
        for (int i = 0; i < wishes.length; i++) {
            double[] pool = {wishes[i] - offsets[i], 1};
            while (!pools.isEmpty() && pools.get(pools.size() - 1)[0] > pool[0]) {
                double[] before = pools.remove(pools.size() - 1);
                double size = before[1] + pool[1];
                pool = new double[] {(before[0] * before[1] + pool[0] * pool[1]) / size, size};
            }
            pools.add(pool);
        }
        int next = 0;
        for (double[] pool : pools) {
            for (int i = 0; i < pool[1]; i++) {
                column.get(next).middle = pool[0] + offsets[next];
                next++;
            }
        }
    }

    private static GraphLayout drawn(
            List<Place> nodes, List<int[]> edges, List<List<Place>> ways, List<List<Place>> columns) {
        List<Place> all = columns.stream().flatMap(List::stream).toList();
        double top = all.stream()
                        .mapToDouble(place -> place.middle - place.height / 2.0)
                        .min()
                        .orElse(0)
                - MARGIN;
        double bottom = all.stream()
                        .mapToDouble(place -> place.middle + place.height / 2.0)
                        .max()
                        .orElse(0)
                + MARGIN;
        all.forEach(place -> place.middle -= top);
        List<Box> boxes = nodes.stream()
                .map(place -> new Box((int) place.x(), (int) Math.round(place.middle - BOX_HEIGHT / 2.0)))
                .toList();
        List<Arrow> arrows = new ArrayList<>();
        for (int i = 0; i < edges.size(); i++) {
            int[] edge = edges.get(i);
            arrows.add(new Arrow(edge[0], edge[1], edge[2] == 1, path(ways.get(i))));
        }
        int width = columns.size() * (BOX_WIDTH + COLUMN_GAP) - COLUMN_GAP + 2 * MARGIN;
        return new GraphLayout(width, (int) Math.ceil(bottom - top), boxes, arrows);
    }

    private static String path(List<Place> way) {
        StringBuilder path = new StringBuilder();
        for (int i = 1; i < way.size(); i++) {
            Place from = way.get(i - 1);
            Place to = way.get(i);
            long x0 = Math.round(from.x() + BOX_WIDTH);
            long x1 = Math.round(to.x());
            long y0 = Math.round(from.middle);
            long y1 = Math.round(to.middle);
            path.append(i == 1 ? "M" : "L").append(x0).append(' ').append(y0);
            path.append('C').append((x0 + x1) / 2).append(' ').append(y0);
            path.append(' ').append((x0 + x1) / 2).append(' ').append(y1);
            path.append(' ').append(x1).append(' ').append(y1);
        }
        return path.toString();
    }

    /** For tests and debugging: the nodes of each column from top to bottom. */
    String text() {
        Map<Integer, List<Integer>> columns = new java.util.TreeMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            columns.computeIfAbsent(nodes.get(i).x(), x -> new ArrayList<>()).add(i);
        }
        return columns.values().stream()
                .map(column -> column.stream()
                        .sorted(Comparator.comparingInt(i -> nodes.get(i).y()))
                        .map(String::valueOf)
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(" | "));
    }
}

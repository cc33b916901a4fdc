package dev.tarn.core.project;

import java.util.List;

/**
 * The trees that make a project.
 *
 * @param base the project file with what it imports
 * @param over what is laid over it, in this order
 */
record ProjectLayers(Yaml.Mapping base, List<Layer> over) {

    ProjectLayers {
        over = List.copyOf(over);
    }

    /**
     * One that is laid over others.
     *
     * @param name for people: {@code environments.prod}
     */
    record Layer(String name, Yaml.Mapping tree) {}
}

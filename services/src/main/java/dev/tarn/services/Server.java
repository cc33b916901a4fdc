package dev.tarn.services;

/**
 * One process of a service.
 *
 * @param name unique in the stack; the service's own name for its first process
 * @param service the service's name
 * @param rank a server starts after those of its service with a lower rank are healthy; when a stack stops, higher ranks
 *     stop first
 */
record Server(String name, String service, int rank) {}

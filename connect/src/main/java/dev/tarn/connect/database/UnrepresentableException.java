package dev.tarn.connect.database;

/** A value that would be another one on the other side; the message says what it is: {@code infinity}. */
final class UnrepresentableException extends Exception {

    UnrepresentableException(String value) {
        super(value);
    }
}

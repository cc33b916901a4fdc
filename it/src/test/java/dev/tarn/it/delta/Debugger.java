package dev.tarn.it.delta;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector.Argument;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Stops another JVM at lines of our own code, through the debugger's interface. So processes die at named points without
 * any hook in the product.
 */
final class Debugger {
    private static final List<String> OURS = List.of("dev.tarn.lake.*", "dev.tarn.fs.*");

    /** A line of a method. */
    record Point(String type, String method, int line) {
        static Point of(Location location) {
            String type = location.declaringType().name();
            return new Point(
                    type.substring(type.lastIndexOf('.') + 1), location.method().name(), location.lineNumber());
        }

        @Override
        public String toString() {
            return type + "." + method + ":" + line;
        }
    }

    private Debugger() {}

    /**
     * Runs a process and stops it where it comes to a line of ours for the first time.
     *
     * @param points which lines
     * @param atPoint is told of each, while the process stands; true ends the process with {@code kill -9}
     * @return the process, which has ended
     */
    static String run(Class<?> main, List<String> arguments, Predicate<Point> points, Predicate<Point> atPoint)
            throws IOException, InterruptedException, IllegalConnectorArgumentsException {
        ListeningConnector connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
                .filter(each -> each.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Argument> settings = connector.defaultArguments();
        Objects.requireNonNull(settings.get("localAddress")).setValue("127.0.0.1");
        Objects.requireNonNull(settings.get("timeout")).setValue("60000");
        String address = connector.startListening(settings);
        String agent = "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address;
        try (Child child = Child.start(Child.command(List.of(agent), main, arguments.toArray(String[]::new)))) {
            VirtualMachine machine = connector.accept(settings);
            for (String ours : OURS) {
                ClassPrepareRequest prepare = machine.eventRequestManager().createClassPrepareRequest();
                prepare.addClassFilter(ours);
                prepare.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
                prepare.enable();
            }
            boolean killed = follow(machine, child.process(), points, atPoint);
            return killed ? "killed" : child.await(60);
        } finally {
            connector.stopListening(settings);
        }
    }

    private static boolean follow(
            VirtualMachine machine, Process process, Predicate<Point> points, Predicate<Point> atPoint)
            throws InterruptedException {
        try {
            while (true) {
                EventSet events = machine.eventQueue().remove();
                for (Event event : events) {
                    if (event instanceof ClassPrepareEvent prepared) {
                        watch(machine, prepared.referenceType(), points);
                    } else if (event instanceof BreakpointEvent hit) {
                        hit.request().disable();
                        if (atPoint.test(Point.of(hit.location()))) {
                            process.destroyForcibly().waitFor();
                            return true;
                        }
                    } else if (event instanceof VMDisconnectEvent) {
                        return false;
                    }
                }
                events.resume();
            }
        } catch (VMDisconnectedException ended) {
            return false;
        }
    }

    private static void watch(VirtualMachine machine, ReferenceType type, Predicate<Point> points) {
        for (Method method : type.methods()) {
            for (Location location : lines(method)) {
                if (points.test(Point.of(location))) {
                    BreakpointRequest request = machine.eventRequestManager().createBreakpointRequest(location);
                    request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
                    request.enable();
                }
            }
        }
    }

    private static List<Location> lines(Method method) {
        try {
            return method.isAbstract() || method.isNative() ? List.of() : method.allLineLocations();
        } catch (AbsentInformationException synthetic) {
            return List.of();
        }
    }
}

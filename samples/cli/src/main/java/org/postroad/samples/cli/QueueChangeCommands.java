package org.postroad.samples.cli;
final class QueueChangeCommands { private QueueChangeCommands() {} }

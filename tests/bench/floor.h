// The floor under the desk: the very statements that it ran, with the very values, run again in a
// bare loop of prepared statements from a copy of the record they started from.
//
//   Recording recording = Record([&] { course.Run(…); });   // what the program sends meanwhile
//   Replay(copy, recording)                                 // seconds; the copy ends equal
//
// Statements are caught below our own code: SQLite's by its trace, PostgreSQL's by standing before
// libpq (libpq_floor.cpp), so that none can be forgotten. One connection, one COMMIT an act, as
// durable as the record.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace aiguillage::bench {

struct Value {
  enum Kind { kNull, kNumber, kText } kind = kNull;
  long long number = 0;
  std::string text;
};

struct Statement {
  std::size_t sql = 0;  // in Recording::texts
  std::vector<Value> values;
};

struct Recording {
  std::vector<std::string> texts;
  std::vector<Statement> statements;
  std::size_t TextOf(const std::string& sql);  // its place, a new one when it is new
  std::size_t Commits() const;
};

namespace sqlite {
void Listen();  // once, before the first connection is opened
void StartRecording();
Recording EndRecording();
// Wall seconds. `group`: so many acts in one COMMIT, the most that groups could give a desk whose
// own work cost nothing.
double Replay(const std::string& path, const Recording& recording, int group = 1);
// Every fsync of SQLite waits so much longer from now on.
void DelaySync(int microseconds);
void SkipSync(bool skip);  // while a record is filled: it is made again when the machine stops
int SyncsSoFar();
// Milliseconds of the processor from the first step of each statement to its last, fetching
// included, since the last time this was asked.
double MillisecondsInside();
}  // namespace sqlite

namespace postgresql {
void StartRecording();
Recording EndRecording();
double Replay(const std::string& url, const Recording& recording);
}  // namespace postgresql

}  // namespace aiguillage::bench

// The journal: one row per act, hash-chained per project. The clear columns are for ever; the body
// can be erased, and the chain holds only its salted digest.
//
//   hash = SHA-256(previous hash ‖ project ‖ seq ‖ act id ‖ action ‖ role ‖ instant ‖ states ‖
//                  definition ‖ digest)          digest = SHA-256(salt ‖ canonical body)
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct JournalRow {
  std::int64_t project = 0;
  std::int64_t seq = 0;  // 1, 2, 3 … inside the project
  std::string act;       // random id, 32 hex
  std::string action;    // event name, "intake", "take_back", …
  std::string role;      // the actor's role in this act; "system", "ds", "timer"
  std::int64_t at = 0;
  std::string states;      // after the act
  std::string definition;  // hash
  std::string digest, previous, hash;
  // erasable:
  bool erased = false;
  std::int64_t person = 0;        // who acted, 0 for the machine
  std::int64_t on_behalf_of = 0;  // the absent, when a delegate acted
  nlohmann::json body;            // {data, snapshot (after), entered, exited, effects, document…}
  std::string salt;
};
// Fills seq, salt, digest, previous and hash, and writes the row.
JournalRow AppendJournal(Session&, JournalRow);
std::vector<JournalRow> JournalOf(Session&, std::int64_t project);
std::optional<JournalRow> LastJournal(Session&, std::int64_t project);
std::optional<JournalRow> FindJournal(Session&, std::int64_t project, std::int64_t seq);
// "" when the chain of the project is whole, else what is wrong with which row.
std::string VerifyChain(const std::vector<JournalRow>&);
std::int64_t CountJournal(Session&);

// Where a project stood at a past instant: its last row then, and the first one after it.
struct PastRow {
  std::string call, collection;    // collection: of today
  std::string states, definition;  // of the last row at that instant or before
  bool moved = false;              // there is a later row; its body, null when erased:
  nlohmann::json next_body;
};
// Every project that existed then, one at a time, however many.
void EachProjectAt(Session&, std::int64_t at, const std::function<void(const PastRow&)>& row);

// The first answer of an act, given again to whoever sends the same key with the same body.
struct ActKey {
  std::string key;
  std::string digest;  // of the request
  nlohmann::json answer;
};
std::optional<ActKey> FindActKey(Session&, const std::string& key);
void InsertActKey(Session&, const ActKey&, std::int64_t at);

}  // namespace aiguillage::storage

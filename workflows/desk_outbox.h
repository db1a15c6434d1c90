// Rows of the outbox that one act writes, numbered under the act's id. Private to the desk.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "storage/outbox.h"
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {

struct OutboxWriter {
  Work& work;
  nlohmann::json variables;                             // of the templates, made when first needed
  std::set<std::pair<std::string, std::int64_t>> told;  // template, person: each once an act
  int count = 0;

  void Mail(storage::OutboxRow& row) { Write("mail", row); }
  void Ds(storage::OutboxRow& row) { Write("ds", row); }

 private:
  void Write(const char* kind, storage::OutboxRow& row);  // fills in what all rows have
};

struct Recipient {
  std::string role;
  storage::Person person;
  bool copy = false;
  std::string standing_for;  // name of the absent colleague, "" for oneself
};
// A row each, with the template's variables; `more` is put over them.
void WriteMailTo(Work& work, OutboxWriter& writer, const std::string& template_id,
                 const std::vector<Recipient>& readers, const nlohmann::json& more);

// An attribute of the effect: as evaluated (NAMEexpr), else as written, else "".
std::string EffectText(const engine::CustomEffect& effect, const std::string& name);
void WriteMail(Work& work, OutboxWriter& writer, const engine::CustomEffect& effect);

}  // namespace aiguillage::workflows

#include "connectors/demarches_simplifiees/operations.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <sstream>

namespace aiguillage::connectors {
namespace {

bool IsNameChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string WordAt(const std::string& text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && IsNameChar(text[end])) ++end;
  return text.substr(at, end - at);
}

// A file is a sequence of definitions, each from `query|mutation|fragment NAME` to its last brace.
std::map<std::string, std::string> Definitions(const char* file) {
  std::map<std::string, std::string> found;
  std::istringstream lines{std::string(file)};
  std::string line, current;
  std::ptrdiff_t depth = 0;
  while (std::getline(lines, line)) {
    if (depth == 0 && (line.empty() || line[0] == '#')) continue;
    current += line + "\n";
    depth += std::count(line.begin(), line.end(), '{') - std::count(line.begin(), line.end(), '}');
    if (depth != 0) continue;
    found[WordAt(current, current.find(' ') + 1)] = current;
    current.clear();
  }
  return found;
}

// `...Name`, but not `... on Type`.
std::set<std::string> Spreads(const std::string& text) {
  std::set<std::string> names;
  for (auto at = text.find("..."); at != text.npos; at = text.find("...", at + 3)) {
    if (const std::string name = WordAt(text, at + 3); !name.empty()) names.insert(name);
  }
  return names;
}

struct Entry {
  std::string name, text, field;
  bool mutation = false;
};

const std::map<Operation, std::string> kNames = {
    {Operation::kDemarcheDescriptor, "DemarcheDescriptor"},
    {Operation::kDossiersPage, "DossiersPage"},
    {Operation::kDossierNumbers, "DossierNumbers"},
    {Operation::kDossierOne, "DossierOne"},
    {Operation::kDossierStatus, "DossierStatus"},
    {Operation::kDossierMessages, "DossierMessages"},
    {Operation::kDossierAnnotations, "DossierAnnotations"},
    {Operation::kPendingDeleted, "PendingDeleted"},
    {Operation::kDeleted, "Deleted"},
    {Operation::kPasserEnInstruction, "PasserEnInstruction"},
    {Operation::kAccepter, "Accepter"},
    {Operation::kRefuser, "Refuser"},
    {Operation::kClasserSansSuite, "ClasserSansSuite"},
    {Operation::kEnvoyerMessage, "EnvoyerMessage"},
    {Operation::kAnnulerCorrection, "AnnulerCorrection"},
    {Operation::kModifierAnnotations, "ModifierAnnotations"},
    {Operation::kAjouterLabel, "AjouterLabel"},
    {Operation::kSupprimerLabel, "SupprimerLabel"},
    {Operation::kChangerGroupe, "ChangerGroupe"},
    {Operation::kDirectUpload, "DirectUpload"},
};

std::string WithFragments(std::string text, const std::map<std::string, std::string>& fragments) {
  std::set<std::string> wanted = Spreads(text), taken;
  while (!wanted.empty()) {
    const std::string name = *wanted.begin();
    wanted.erase(wanted.begin());
    if (!taken.insert(name).second) continue;
    const std::string& fragment = fragments.at(name);
    text += fragment;
    for (const std::string& next : Spreads(fragment)) wanted.insert(next);
  }
  return text;
}

std::map<Operation, Entry> Build() {
  const auto queries = Definitions(kQueries);
  const auto mutations = Definitions(kMutations);
  const auto fragments = Definitions(kFragments);
  std::map<Operation, Entry> entries;
  for (const auto& [operation, name] : kNames) {
    Entry entry{name, "", "", mutations.contains(name)};
    const std::string& own = entry.mutation ? mutations.at(name) : queries.at(name);
    entry.text = WithFragments(own, fragments);
    const auto opening = own.find("{\n  ");  // the first field is on a line of its own
    entry.field = WordAt(own, opening + 4);
    entries[operation] = entry;
  }
  return entries;
}

const Entry& EntryOf(Operation operation) {
  static const std::map<Operation, Entry> entries = Build();
  return entries.at(operation);
}

}  // namespace

const std::vector<Operation>& Operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> list;
    for (const auto& [operation, name] : kNames) list.push_back(operation);
    return list;
  }();
  return all;
}

const std::string& Name(Operation operation) { return EntryOf(operation).name; }
const std::string& Text(Operation operation) { return EntryOf(operation).text; }
bool IsMutation(Operation operation) { return EntryOf(operation).mutation; }
const std::string& MutationField(Operation operation) { return EntryOf(operation).field; }

}  // namespace aiguillage::connectors

// The projects behind a measure of « Dossiers » or « Offre et évaluation », a line each.
#include "web/figures/measured.h"

#include "storage/calls.h"
#include "storage/facts.h"
#include "storage/flow.h"
#include "web/figures/measures.h"
#include "web/figures/passages.h"
#include "web/figures/question.h"
#include "web/figures/reached.h"
#include "web/figures/shown.h"
#include "web/figures/tables.h"
#include "web/page.h"
#include "web/table_file.h"
#include "web/text.h"
#include "web/words.h"

namespace aiguillage::web {

namespace {

using Kind = FigureColumn::Kind;

constexpr int kMeasuredPerPage = 50;
constexpr int kMeasuredFileMax = 50'000;
constexpr char kMarkWords[] = "sur la page du projet";

MeasuredAsked MeasureAsked(const Visit& visit) {
  const FigureWords words = AskedBy(visit).words;
  return {Trim(visit.request.Query("mesure")).substr(0, 100),
          words.call,
          words.collection,
          visit.request.Query("seule") == "1",
          words.from,
          words.to};
}

Kind KindOf(const Measure& measure) {
  if (measure.kind == "percent" || measure.kind == "grid") return Kind::kPercent;
  return measure.kind == "amount" ? Kind::kAmount : Kind::kScore;
}

struct Measured {
  MeasuredAsked asked;
  Measure measure;
  std::string words;
  storage::FactSum sum;
  std::int64_t told_from = 0;  // answers
  std::vector<storage::FactRow> rows;
  std::map<std::string, std::string> collections;

  bool IsMark() const { return measure.kind == "mark"; }
  bool AllHidden() const { return measure.weighed && sum.weight < kAnswersMin; }
  bool Hides(const storage::FactRow& row) const {
    return measure.weighed && row.weight < told_from;
  }
  double Mean() const {
    return measure.weighed ? sum.weighted / static_cast<double>(sum.weight)
                           : sum.value / static_cast<double>(sum.total);
  }
  FigureCell Value(const storage::FactRow& row) const {
    FigureCell cell(static_cast<double>(row.value) / 100);
    if (IsMark()) cell.hidden = kMarkWords;
    if (Hides(row)) cell.hidden = row.weight < kAnswersMin ? kTooFew : "avec un petit groupe";
    if (measure.kind == "yes") cell.hidden = row.value != 0 ? "oui" : "non";
    return cell;
  }
  std::string ValueWords(const storage::FactRow& row) const {
    return WordsOf(KindOf(measure), Value(row));
  }
};

Measured ReadMeasured(Visit& visit, int limit, int offset) {
  Measured list;
  list.asked = MeasureAsked(visit);
  const MeasuredAsked& asked = list.asked;
  visit.services.database.Read([&](storage::Session& session) {
    const auto question = QuestionOf(session, {asked.call, asked.collection, asked.from, asked.to},
                                     CallsFor(Rule::kSteering, *visit.visitor), visit.now);
    if (!question) ThrowRefused(question.refusal());
    const Measures measures(session, visit.services.catalog, question.value().calls);
    const Measure* found = measures.Find(asked.measure);
    if (found == nullptr) throw HttpError(404, "Cette mesure n’est suivie par aucun appel.");
    list.measure = *found;
    list.words = QuestionWords(session, question.value());
    storage::FlowFilter filter = FilterOf(session, question.value());
    if (asked.alone && !filter.collections.empty()) filter.collections.resize(1);
    for (const auto& sum : AddedUp(storage::FactSums(session, filter))) {
      if (sum.name == asked.measure) list.sum = sum;
    }
    if (found->weighed) {
      list.told_from = storage::WeightToldFrom(session, filter, asked.measure, kAnswersMin);
    }
    list.rows = storage::ListFacts(session, filter, asked.measure, limit, offset);
    for (const auto& one : storage::Collections(session)) list.collections[one.slug] = one.label;
  });
  return list;
}

TableFile MeasuredFile(Visit& visit) {
  const Measured list = ReadMeasured(visit, kMeasuredFileMax, 0);
  if (list.sum.total > kMeasuredFileMax) {
    throw HttpError(422,
                    "Cette liste a plus de 50 000 lignes : choisissez un appel ou une collection.");
  }
  Figure figure{"",
                {{"project", "Projet", Kind::kText},
                 {"title", "Titre", Kind::kText},
                 {"collection", "Collection", Kind::kText},
                 {"value", list.measure.label, KindOf(list.measure)}}};
  if (list.measure.weighed) figure.columns.push_back({"answers", "Réponses", Kind::kScore});
  TableFile table{"Mesure", {}, {}};
  for (const auto& column : figure.columns) table.columns.push_back(ColumnLabel(column));
  for (const auto& row : list.rows) {
    const auto cell = [&](const FigureCell& told) {
      return told.hidden.empty() ? TableCell::Number(*told.value) : TableCell(told.hidden);
    };
    const auto collection = list.collections.find(row.collection);
    table.rows.push_back({row.number, row.title,
                          collection == list.collections.end() ? "" : collection->second,
                          cell(list.Value(row))});
    if (!list.measure.weighed) continue;
    table.rows.back().push_back(list.Hides(row)
                                    ? TableCell(list.Value(row).hidden)
                                    : TableCell::Number(static_cast<double>(row.weight)));
  }
  return table;
}

// All of them together, as the figure says it; nothing of what a few people answered.
void AddTogether(View& view, const Measured& list) {
  const bool told = list.sum.total > 0 && !list.AllHidden() && !list.IsMark();
  const bool mean = told && list.measure.kind != "count";
  const bool total = told && (list.measure.kind == "count" || list.measure.kind == "amount");
  FigureCell share(100 * list.Mean());
  view.Set("mean", !mean ? ""
                   : list.measure.kind == "yes"
                       ? WordsOf(Kind::kPercent, share) + " de « oui »"
                       : WordsOf(KindOf(list.measure), FigureCell(list.Mean())))
      .Set("total", total ? WordsOf(KindOf(list.measure), FigureCell(list.sum.value)) : "")
      .Set("answers", told && list.measure.weighed
                          ? WordsOf(Kind::kScore, FigureCell(static_cast<double>(list.sum.weight)))
                          : "");
}

}  // namespace

Response MeasuredCsv(Visit& visit) { return AnswerWith(MeasuredFile(visit), "csv", "mesure"); }
Response MeasuredXlsx(Visit& visit) { return AnswerWith(MeasuredFile(visit), "xlsx", "mesure"); }

Response MeasuredPage(Visit& visit) {
  const int page = PageAsked(visit);
  const Measured list = ReadMeasured(visit, kMeasuredPerPage, (page - 1) * kMeasuredPerPage);
  View view;
  view.SetList("rows");
  for (const auto& row : list.rows) {
    const auto collection = list.collections.find(row.collection);
    view.AddRow("rows")
        .Set("row_number", row.number)
        .Set("row_title", row.title.empty() ? row.number : row.title)
        .Set("row_collection",
             collection == list.collections.end() ? "sans collection" : collection->second)
        .Set("row_value", list.ValueWords(row))
        .Set("row_answers", list.Hides(row) ? list.ValueWords(row) : Grouped(row.weight));
  }
  AddTogether(view, list);
  const std::int64_t pages =
      std::max<std::int64_t>(1, (list.sum.total + kMeasuredPerPage - 1) / kMeasuredPerPage);
  const std::string address = MeasuredAddress(list.asked);
  const std::string query = address.substr(std::string("/pilotage/mesures").size());
  view.Set("words", list.words)
      .Set("label", list.measure.label)
      .Set("weighed", list.measure.weighed)
      .Set("count", Plural(list.sum.total, "projet le dit", "projets le disent"))
      .Set("csv_href", "/pilotage/mesures.csv" + query)
      .Set("xlsx_href", "/pilotage/mesures.xlsx" + query)
      .Set("several_pages", pages > 1)
      .Set("page_words", "page " + std::to_string(page) + " sur " + std::to_string(pages))
      .Set("previous", page > 1 ? MeasuredAddress(list.asked, page - 1) : "")
      .Set("next", page < pages ? MeasuredAddress(list.asked, page + 1) : "");
  return Page(visit, 200, "measured", list.measure.label, std::move(view));
}

}  // namespace aiguillage::web

"""Applying things: farms, sheep, buckets, books; chests and what lies on the ground."""

from __future__ import annotations

from gitm.actions import Apply, Drop, Mine, Store, Take, Wait
from gitm.types import Code


def test_wheat_from_seed_to_sheaf(camp):
    camp.give(wooden_hoe=1, wheat_seeds=2)
    assert camp.do(Apply(object="wooden_hoe", target="grass_block")).ok
    assert camp.seen.near("farmland")
    assert camp.do(Apply(object="wheat_seeds", target="farmland")).change == {"wheat_seeds": -1}
    assert not camp.seen.near("farmland")
    assert not camp.seen.near("wheat")
    camp.at(29_000)
    assert not camp.seen.near("wheat")
    camp.at(48_000)
    assert camp.seen.near("wheat")
    change = camp.do(Mine(object="wheat")).change
    assert change["wheat"] == 1
    assert camp.seen.near("farmland"), "the soil is left"


def test_bone_meal_ripens(camp):
    camp.give(wooden_hoe=1, wheat_seeds=1, bone_meal=5)
    camp.do(Apply(object="wooden_hoe", target="grass_block"))
    camp.do(Apply(object="wheat_seeds", target="farmland"))
    feedback = camp.do(Apply(object="bone_meal", target="wheat", count=2))
    assert feedback.change == {"bone_meal": -2}
    assert camp.seen.near("wheat")


def test_a_sapling_becomes_a_tree(camp):
    camp.give(oak_sapling=1)
    camp.do(Apply(object="oak_sapling", target="grass_block"))
    camp.at(24_000)
    assert camp.do(Mine(object="oak_log", count=5)).change == {"oak_log": 5}


def test_seeds_need_their_soil(camp):
    camp.give(wheat_seeds=1)
    feedback = camp.do(Apply(object="wheat_seeds", target="farmland"))
    assert (feedback.code, feedback.message) == (Code.NOT_FOUND, "no farmland within reach: make or find some")


def test_a_sheep_is_shorn_once_until_its_wool_is_back(camp):
    camp.give(shears=1).put("sheep", "mob")
    first = camp.do(Apply(object="shears", target="sheep"))
    assert 1 <= first.change["white_wool"] <= 3
    second = camp.do(Apply(object="shears", target="sheep"))
    assert (second.code, second.message) == (Code.NOT_FOUND, "every sheep in sight was used already: wait or explore for another")
    camp.do(Wait(ticks=1000))
    assert camp.do(Apply(object="shears", target="sheep")).ok


def test_one_goes_on_from_a_mob_that_was_used_to_the_next(camp):
    """The nearest turtle is the one that was fed, so to approach a turtle would lead nowhere else."""
    camp.give(seagrass=6)
    camp.put("turtle", "mob")
    camp.put("turtle", "mob", away=20)
    assert camp.do(Apply(object="seagrass", target="turtle")).ok
    assert camp.do(Apply(object="seagrass", target="turtle")).ok
    last = camp.do(Apply(object="seagrass", target="turtle"))
    assert (last.code, last.message) == (Code.NOT_FOUND, "every turtle in sight was used already: wait or explore for another")


def test_what_one_use_makes_of_a_cluster_another_is_applied_on(camp):
    """An omen comes over six spawners; each that is beaten is an ordinary one again, out of sight until it is ready."""
    camp.give(ominous_bottle=2, netherite_sword=1)
    camp.put("trial_spawner", left=4)
    camp.put("trial_spawner", left=4, away=3)
    assert camp.do(Apply(object="netherite_sword", target="trial_spawner[ominous]")).code is Code.NOT_FOUND

    def there(name):
        return sum(thing.count for thing in camp.seen.nearby if thing.name == name)

    assert camp.do(Apply(object="ominous_bottle", target="trial_spawner")).change == {"ominous_bottle": -1}
    assert (there("trial_spawner"), there("trial_spawner[ominous]")) == (2, 6)
    assert camp.do(Apply(object="netherite_sword", target="trial_spawner[ominous]", count=2)).ok
    assert (there("trial_spawner"), there("trial_spawner[ominous]")) == (2, 4)
    assert camp.do(Apply(object="netherite_sword", target="trial_spawner")).ok
    assert there("trial_spawner") == 1
    camp.at(camp.game.tick + 36_000)
    assert (there("trial_spawner"), there("trial_spawner[ominous]")) == (4, 4)


def test_buckets_take_water_again_and_again_and_lava_once(camp):
    camp.give(bucket=3)
    camp.put("water", left=4)
    camp.put("lava")
    assert camp.do(Apply(object="bucket", target="water", count=2)).change == {"bucket": -2, "water_bucket": 2}
    assert camp.do(Apply(object="bucket", target="lava")).change == {"bucket": -1, "lava_bucket": 1}
    assert not camp.seen.near("lava")


def test_water_on_lava_is_obsidian(camp):
    camp.give(water_bucket=1).put("lava")
    assert camp.do(Apply(object="water_bucket", target="lava")).ok
    assert camp.seen.near("obsidian")
    assert not camp.seen.near("lava")


def test_enchanting_needs_experience_and_material(camp):
    camp.give(book=1, lapis_lazuli=3).put("enchanting_table", "station")
    refused = camp.do(Apply(object="book", target="enchanting_table"))
    assert refused.message == "needs 7 experience points, 7 more: mine ores, smelt or fight for them"
    camp.game.experience = 8.0
    done = camp.do(Apply(object="book", target="enchanting_table"))
    assert done.change == {"book": -1, "lapis_lazuli": -1, "enchanted_book": 1}
    assert done.observation.experience == 1


def test_part_of_a_count_is_partly_done(camp):
    camp.give(bucket=1).put("water")
    feedback = camp.do(Apply(object="bucket", target="water", count=3))
    assert feedback.code is Code.PARTIAL
    assert feedback.message == "applied bucket 1 of 3 times: you lack 1 bucket: obtain that first"


def test_a_chest_keeps_things_and_their_wear(camp):
    camp.give(iron_pickaxe=1, dirt=9).put("chest", "station")
    camp.game.inventory.wear("iron_pickaxe", 50)
    camp.seen = camp.world.observe()
    assert camp.do(Store(object="iron_pickaxe")).change == {"iron_pickaxe": -1}
    assert camp.do(Store(object="dirt", count=9)).ok
    assert camp.do(Take(object="iron_pickaxe")).ok
    assert camp.seen.wear == {"iron_pickaxe": 200}
    assert camp.do(Take(object="dirt", count=20)).code is Code.PARTIAL
    assert camp.have("dirt") == 9


def test_a_broken_chest_gives_everything_back(camp):
    camp.give(dirt=5).put("chest", "station")
    camp.do(Store(object="dirt", count=5))
    assert camp.do(Mine(object="chest")).change == {"chest": 1, "dirt": 5}


def test_a_chest_has_27_slots(camp):
    camp.give(dirt=28 * 64).put("chest", "station")
    assert camp.do(Store(object="dirt", count=27 * 64)).ok
    feedback = camp.do(Store(object="dirt"))
    assert (feedback.code, feedback.message) == (
        Code.INVENTORY_FULL,
        "the chest has room for 0 dirt only: store fewer or place another chest",
    )


def test_what_is_dropped_lies_there(camp):
    camp.give(stick=9)
    camp.do(Drop(object="stick", count=4))
    assert [(thing.kind, thing.count, thing.distance) for thing in camp.seen.nearby if thing.name == "stick"] == [("item", 4, 0.0)]
    assert camp.do(Take(object="stick", count=4)).change == {"stick": 4}
    assert not camp.seen.near("stick")


def test_what_is_used_up_counts_besides_what_is_among_the_materials(camp):
    """A turtle's egg takes two seagrass: the one that is applied, and another."""
    camp.give(seagrass=1).put("turtle", "mob")
    refused = camp.do(Apply(object="seagrass", target="turtle"))
    assert (refused.code, refused.missing, refused.change) == (Code.MISSING_MATERIAL, {"seagrass": 1}, {})
    camp.give(seagrass=1)
    assert camp.do(Apply(object="seagrass", target="turtle")).change["seagrass"] == -2
